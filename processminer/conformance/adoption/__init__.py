"""Whether a change of the playbook is lived: what it newly asks is kept, and what it newly allows is used."""
