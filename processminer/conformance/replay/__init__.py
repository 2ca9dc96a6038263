"""Past deals held against two playbooks in turn: whom the new one would catch, and whom it would no longer."""
