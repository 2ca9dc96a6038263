"""Whether deals of different segments go different ways, beyond chance."""
