"""The parts of a pair of operations, compared one by one."""
