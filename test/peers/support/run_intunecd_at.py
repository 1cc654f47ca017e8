"""Runs IntuneCD as it comes from PyPI, with requests going to another address than Microsoft's.

Called with the address, then with IntuneCD's own arguments. IntuneCD and MSAL see Microsoft's names throughout, in
answers as well, since MSAL refuses an issuer that it does not know.
"""

import sys

import requests

ADDRESS = sys.argv.pop(1)
HOSTS = ("https://graph.microsoft.com", "https://login.microsoftonline.com")
LOGIN_PATHS = ("/.well-known/", "/oauth2/", "/discovery/")
send = requests.Session.send


def send_there(session, request, **options):
    graph, login = HOSTS
    for host in HOSTS:
        if request.url.startswith(host):
            request.url = ADDRESS + request.url[len(host) :]
    response = send(session, request, **options)
    host = login if any(part in request.url for part in LOGIN_PATHS) else graph
    response._content = response.content.replace(ADDRESS.encode(), host.encode())
    return response


requests.Session.send = send_there

from IntuneCD.run_backup import start  # noqa: E402, only after requests has been changed

start()
