"""Deviations that a playbook accepts for a time: counted apart, and no ground to call a deal violating."""
