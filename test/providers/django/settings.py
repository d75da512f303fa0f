"""Settings of a Django project with django-oauth-toolkit, as small as they can be for a single-page app."""

import json
import os
from pathlib import Path

from jwcrypto import jwk

told = json.loads(os.environ["PROVIDER_TOLD"])

SECRET_KEY = os.urandom(32).hex()
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(Path(told["folder"]) / "django.sqlite3"),
        "OPTIONS": {"timeout": 20},
    }
}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "corsheaders",
    "oauth2_provider",
]
MIDDLEWARE = [
    # First, so that a page can also follow the redirect to the discovery document's address with a slash at its end.
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
LOGIN_PAGE = (
    '<form method="post" action="">{% csrf_token %}'
    '<input name="username"><input name="password" type="password"></form>'
)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {"registration/login.html": LOGIN_PAGE})]},
    }
]
LOGIN_URL = "/accounts/login/"
CORS_ALLOWED_ORIGINS = [told["app"]]

OAUTH2_PROVIDER = {
    "OIDC_ENABLED": True,
    # Without a key there are only ID tokens signed with the client's secret, which a public client does not have.
    "OIDC_RSA_PRIVATE_KEY": jwk.JWK.generate(kty="RSA", size=2048).export_to_pem(private_key=True, password=None).decode(),
    "OAUTH2_VALIDATOR_CLASS": "claims.Validator",
    # A scope that is not named here is refused, `offline_access` too; there is a refresh token without it.
    "SCOPES": {"openid": "Who you are", "profile": "Your name", "email": "Your address"},
    "ACCESS_TOKEN_EXPIRE_SECONDS": 300,
    "PKCE_REQUIRED": True,
}
