ANSWER = "from lib"
