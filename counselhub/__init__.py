"""CounselHub: the law firm's side of one community, one legal adviser."""
