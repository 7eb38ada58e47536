"""CounselHub: village and community legal counsel, what they do and what they are paid."""
