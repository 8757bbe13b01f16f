from samverkan.cli.command import app

app(prog_name="./samverkan")
