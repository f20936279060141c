def b():
    return 7
