"""Serves this project for test/providers/django.ts, on a free port of 127.0.0.1.

PROVIDER_TOLD holds, as JSON, the app's origin, the person and a folder for the database. When it listens it prints one line
of JSON; it ends when its standard input does.
"""

import json
import os
import shutil
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402
from settings import told  # noqa: E402


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def register():
    call_command("migrate", verbosity=0)
    get_user_model().objects.create_user(
        told["username"], "alice@example.org", told["password"], first_name="Alice", last_name="Liddell"
    )
    return Application.objects.create(
        name="Sessionchart",
        client_type=Application.CLIENT_PUBLIC,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=told["app"] + "/callback",
        algorithm=Application.RS256_ALGORITHM,
        skip_authorization=True,
    )


client = register()
server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"port": server.server_port, "clientId": client.client_id}), flush=True)
sys.stdin.read()
# Here, since whoever started this may be gone.
shutil.rmtree(told["folder"], ignore_errors=True)
