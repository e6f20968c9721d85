"""The stages of a job, one file each: series, align, fit, model, maps, regions, report."""
