"""The import of files: its calls, and the job that does the work, slice by slice."""
