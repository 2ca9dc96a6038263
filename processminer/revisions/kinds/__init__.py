"""One kind of answer a file: from a finding to the smallest edit that answers it, or to what is still missing."""
