"""The resource door of the command line: any standard method of any resource, from the contracts."""
