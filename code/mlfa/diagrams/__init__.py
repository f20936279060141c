"""Every drawing that explains an idea, one kind a file."""
