"""What a proposed change moves, told so that a person who reads neither code nor JSON can judge it."""
