"""Names of Werkzeug that httpbin imports and that newer releases spell otherwise."""

import werkzeug.http
import werkzeug.wrappers
from werkzeug.datastructures import Authorization

werkzeug.wrappers.BaseResponse = werkzeug.wrappers.Response
werkzeug.http.parse_authorization_header = Authorization.from_header
