"""离开与导出: a firm takes everything out, leaves, and is deleted after a time of waiting."""
