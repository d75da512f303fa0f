"""What the ID token and userinfo tell of a person; without this, nothing but `sub`."""

from oauth2_provider.oauth2_validators import OAuth2Validator


class Validator(OAuth2Validator):
    def get_additional_claims(self):
        return {
            "name": lambda request: request.user.get_full_name(),
            "given_name": lambda request: request.user.first_name,
            "email": lambda request: request.user.email,
        }
