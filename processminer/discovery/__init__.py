"""What can be counted. No threshold, no word like *slow* or *bad*, lives here. Reads a log through its relations."""
