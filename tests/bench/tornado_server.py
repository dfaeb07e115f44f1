"""The server that Python modules have elsewhere, with one module in it: tornado,
and a thread for each query. Its only argument is the port."""

import concurrent.futures
import importlib.util
import json
import pathlib
import sys

import tornado.concurrent
import tornado.ioloop
import tornado.web

PATH = pathlib.Path(__file__).parents[1] / "python/expansion/py_ways.py"
spec = importlib.util.spec_from_file_location("py_ways", PATH)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)


class Query(tornado.web.RequestHandler):
    executor = concurrent.futures.ThreadPoolExecutor(10)

    @tornado.concurrent.run_on_executor
    def ask(self, body):
        return json.dumps(module.handler(q=body))

    async def post(self):
        json.loads(self.request.body)
        self.finish(await self.ask(self.request.body))


tornado.web.Application([("/query", Query)]).listen(
    int(sys.argv[1]), "127.0.0.1")
tornado.ioloop.IOLoop.current().start()
