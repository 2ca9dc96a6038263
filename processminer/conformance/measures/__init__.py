"""Deals and playbook measured as wholes: fitness by worth and by group, precision, concentration, moments."""
