"""Faults caused on purpose: killed processes, power cuts, full disks, crowds, jumping clocks."""
