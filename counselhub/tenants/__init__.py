"""A firm's whole data as one archive, and a firm restored from it elsewhere."""
