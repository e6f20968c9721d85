"""Objects into a PACS: by C-STORE or by STOW-RS, with a log of what it took."""
