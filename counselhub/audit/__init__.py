"""The record of acts: search it, prove it, keep it as long as it must be kept."""
