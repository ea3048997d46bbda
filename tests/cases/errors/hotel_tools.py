def book(room: str) -> str:
    return room
