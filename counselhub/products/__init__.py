"""What a service leaves in hand: texts revised, companies looked over, documents, lectures."""
