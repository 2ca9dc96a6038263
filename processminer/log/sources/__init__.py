"""Sources: one declarative profile per CRM export, and the telling of which one lies before us."""
