"""What MRML itself lacks: nodes from files, numeric sequences, tables, hardened and resampled copies."""
