"""Quirks: what CRM exports do that deals did not, each named, counted, shown, treated, and switchable."""
