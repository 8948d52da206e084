"""The settings, in one file. Each variable is read once; `docs/reference/settings.md` lists them."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from config.environment import BadSetting, Environment
from thidua.core import clock

BASE_DIR = Path(__file__).resolve().parent.parent

environment = Environment(os.environ)

# --- Where things are kept ------------------------------------------------------------------------

DATA_DIR = environment.folder(
    "THIDUA_DATA_DIR",
    default=BASE_DIR / "var",
    about="Nơi giữ cơ sở dữ liệu SQLite, khóa bí mật, tệp tải lên và tệp tĩnh đã gom.",
)

DATABASES = {
    "default": environment.database(
        "DATABASE_URL",
        default=DATA_DIR / "thidua.sqlite3",
        about="Cơ sở dữ liệu. Bỏ trống: SQLite. Nhiều máy hoặc toàn tỉnh: PostgreSQL từ bản 15.",
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MEDIA_ROOT = DATA_DIR / "files"
# Uploaded files are served by views that check rights, never straight from the folder.
MEDIA_URL = ""


def secret_key(path: Path) -> str:
    """The key in `path`, made at the first start and readable by its owner only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    key = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key


SECRET_KEY = environment.text(
    "THIDUA_SECRET_KEY",
    default="",
    about="Khóa ký phiên làm việc. Bỏ trống: tự tạo. Nhiều máy phải dùng chung một khóa.",
) or secret_key(DATA_DIR / "secret_key")

# --- How the server is reached --------------------------------------------------------------------

DEBUG = environment.flag(
    "THIDUA_DEBUG", default=False, about="Hiện chi tiết lỗi trên trang. Chỉ bật trên máy của người lập trình."
)
ALLOWED_HOSTS = environment.words(
    "THIDUA_HOSTS",
    default=("localhost", "127.0.0.1", "[::1]"),
    about="Tên miền mà máy chủ trả lời.",
)
CSRF_TRUSTED_ORIGINS = environment.words(
    "THIDUA_TRUSTED_ORIGINS",
    default=(),
    about="Địa chỉ đầy đủ (có https) được gửi biểu mẫu khi đứng sau máy chủ trung gian.",
)
SECURE = environment.flag(
    "THIDUA_SECURE",
    default=False,
    about="Chỉ phục vụ qua HTTPS (cookie an toàn, chuyển hướng, HSTS). Bật khi đưa vào sử dụng thật.",
)
BEHIND_PROXY = environment.flag(
    "THIDUA_BEHIND_PROXY",
    default=False,
    about="Tin tiêu đề X-Forwarded-Proto. Chỉ bật khi máy chủ trung gian luôn tự đặt tiêu đề này.",
)
DEMO = environment.flag(
    "THIDUA_DEMO",
    default=False,
    about="Chế độ trình diễn: tạo tài khoản mẫu và cho đăng nhập bằng chúng. ./run tự bật khi chưa đặt.",
)
DEMO_DAY = environment.day(
    "THIDUA_DEMO_DAY",
    about="Ngày mà chương trình trình diễn sống ở đó, ví dụ 2023-11-05. Chỉ dùng cùng THIDUA_DEMO.",
)
if DEMO_DAY is not None and not DEMO:
    raise BadSetting(
        "THIDUA_DEMO_DAY", value=DEMO_DAY.isoformat(), cure="Hãy bỏ biến này, hoặc đặt THIDUA_DEMO=1."
    )
clock.fix_day(DEMO_DAY)
PORT = environment.number("PORT", default=8000, lowest=1, highest=65535, about="Cổng của trang web.")
BIND = environment.text(
    "THIDUA_BIND",
    default="127.0.0.1",
    about="Địa chỉ mạng mà trang web lắng nghe. 0.0.0.0 để máy khác vào được; khi đó đặt cả THIDUA_HOSTS.",
)
WEB_PROCESSES = environment.number(
    "THIDUA_WEB_PROCESSES", default=2, lowest=1, highest=64, about="Số tiến trình phục vụ trang web."
)
WEB_THREADS = environment.number(
    "THIDUA_WEB_THREADS", default=8, lowest=1, highest=64, about="Số luồng trong mỗi tiến trình."
)

# Without a sign-in, the session is all that ties a browser to the files it put in. A signed-in session ends
# earlier: `accounts.sessions`.
SESSION_COOKIE_AGE = 180 * 24 * 3600
SESSION_IDLE_MINUTES = environment.number(
    "THIDUA_SESSION_IDLE_MINUTES",
    default=60,
    lowest=5,
    highest=1440,
    about="Không thao tác bao nhiêu phút thì phải đăng nhập lại.",
)
SESSION_LONGEST_HOURS = environment.number(
    "THIDUA_SESSION_LONGEST_HOURS",
    default=12,
    lowest=1,
    highest=168,
    about="Phiên đăng nhập dài nhất bao nhiêu giờ, kể cả khi vẫn thao tác.",
)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "thidua.workspace.views.csrf_failure"
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Nothing inline and nothing from elsewhere. `data:` is for the icons inside Tabler's own style sheet.
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- What runs ------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "thidua.tables",
    "thidua.accounts",
    "thidua.jobs",
    "thidua.audit",
    "thidua.organisations",
    "thidua.criteria",
    "thidua.documents",
    "thidua.notices",
    "thidua.indicators",
    "thidua.households",
    "thidua.movements",
    "thidua.reports",
    "thidua.resources",
    "thidua.oversight",
    "thidua.awards",
    "thidua.publicity",
    "thidua.api",
    "thidua.workspace",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A long plan is 200 KB of HTML, read on phones. Django pads at random against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    # Outside everything that reads cookies: pages of the portal have none.
    "thidua.publicity.caching.CacheRules",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "thidua.accounts.sessions.SessionLimits",
    "thidua.accounts.sessions.FirstPassword",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "thidua.workspace.refusals.RefusalPages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "thidua.workspace.appearance.appearance",
                "thidua.workspace.navigation.navigation",
            ],
        },
    }
]

# --- Who signs in ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

AUTHENTICATION_BACKENDS = [
    # Refuses before a password is looked at while a name is locked out.
    "axes.backends.AxesStandaloneBackend",
    "thidua.accounts.sign_in.PasswordBackend",
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
# A link to a new password; allauth makes the token.
PASSWORD_RESET_TIMEOUT = 3600

# Pages, texts and addresses are ours (`accounts`); allauth walks through the steps.
ACCOUNT_ADAPTER = "thidua.accounts.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = {
    # By name only: offices share one address. Guessing from one address is for axes, below.
    "login": "200/m/ip",
    "login_failed": "10/5m/key",
    "reset_password": "20/m/ip,3/10m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ACCOUNT_FORMS = {
    "login": "thidua.accounts.forms.SignInForm",
    "change_password": "thidua.accounts.forms.ChangePasswordForm",
    "reset_password": "thidua.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "thidua.accounts.forms.NewPasswordForm",
    "reauthenticate": "thidua.accounts.forms.PasswordAgainForm",
}
MFA_ADAPTER = "thidua.accounts.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Thi Đua"
MFA_FORMS = {
    "authenticate": "thidua.accounts.forms.CodeForm",
    "reauthenticate": "thidua.accounts.forms.CodeAgainForm",
    "activate_totp": "thidua.accounts.forms.FirstCodeForm",
}
USERSESSIONS_TRACK_ACTIVITY = False

# Counts of attempts and used codes, for all processes of the machine.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
    }
}

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "thidua.accounts.sign_in.client_address"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Its middleware would answer a lock-out with a page of its own; ours stands beside the form.
# And whether the whole domain goes into the browsers' list of HTTPS sites is for its owner to say.
SILENCED_SYSTEM_CHECKS = ["axes.W002", "security.W021"]

# --- Letters --------------------------------------------------------------------------------------

SMTP_HOST = environment.text(
    "THIDUA_SMTP_HOST",
    default="",
    about="Máy chủ gửi thư. Bỏ trống: thư không gửi đi mà ghi thành tệp trong THIDUA_DATA_DIR/mail.",
)
EMAIL_HOST = SMTP_HOST
EMAIL_PORT = environment.number(
    "THIDUA_SMTP_PORT", default=587, lowest=1, highest=65535, about="Cổng của máy chủ gửi thư."
)
EMAIL_HOST_USER = environment.text("THIDUA_SMTP_USER", default="", about="Tên đăng nhập máy chủ gửi thư.")
EMAIL_HOST_PASSWORD = environment.text("THIDUA_SMTP_PASSWORD", default="", about="Mật khẩu máy chủ gửi thư.")
SMTP_SECURITY = environment.choice(
    "THIDUA_SMTP_SECURITY",
    default="starttls",
    among=("starttls", "tls", "none"),
    about="Cách mã hóa đường gửi thư: starttls (cổng 587), tls (cổng 465), none (chỉ trong mạng nội bộ).",
)
EMAIL_USE_TLS = SMTP_SECURITY == "starttls"
EMAIL_USE_SSL = SMTP_SECURITY == "tls"
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if SMTP_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = environment.text(
    "THIDUA_MAIL_FROM", default="thidua@localhost", about="Địa chỉ người gửi của thư."
)

PUBLIC_URL = environment.text(
    "THIDUA_PUBLIC_URL",
    default="",
    about="Địa chỉ đầy đủ của chương trình, để ghi trong thư. Bỏ trống: http://localhost và cổng.",
).rstrip("/") or (f"http://localhost:{PORT}")

# --- Language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
# What Django and the packages for sign-in do not say in Vietnamese.
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]

# --- Static files ---------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = DEBUG

# --- Files that people send -----------------------------------------------------------------------

UPLOAD_MAX_BYTES = (
    environment.number(
        "THIDUA_UPLOAD_MAX_MB",
        default=25,
        lowest=1,
        highest=500,
        about="Cỡ lớn nhất của một tệp tải lên, tính bằng MB.",
    )
    * 1024
    * 1024
)
UPLOAD_MAX_FILES = environment.number(
    "THIDUA_UPLOAD_MAX_FILES",
    default=50,
    lowest=1,
    highest=1000,
    about="Số tệp nhiều nhất trong một lần tải lên.",
)
HOUSEHOLD_FILE_MAX_BYTES = (
    environment.number(
        "THIDUA_HOUSEHOLD_FILE_MAX_MB",
        default=500,
        lowest=1,
        highest=20_000,
        about="Cỡ lớn nhất của một tệp nhiều hộ, tính bằng MB; tệp được ghi thẳng ra đĩa.",
    )
    * 1024
    * 1024
)
HOUSEHOLD_RETENTION_YEARS = environment.number(
    "THIDUA_HOUSEHOLD_RETENTION_YEARS",
    default=0,
    lowest=0,
    highest=100,
    about="Số năm giữ thông tin cá nhân của hộ đã rời sổ; hết hạn thì tự xóa mỗi ngày. 0: không tự xóa.",
)
# Larger files go to a temporary file on disk instead of memory.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# The form fields of one request, files not counted.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_MAX_FILES
# Lines of one form; each may have three fields and one for files, which counts as a field when left empty.
FORM_MAX_LINES = 300
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4 * FORM_MAX_LINES + 100
FILE_UPLOAD_PERMISSIONS = 0o640

# --- Signatures -----------------------------------------------------------------------------------

# Software keys, locked with the secret key of the installation.
KEYS_DIR = DATA_DIR / "keys"
TRUST_DIR = environment.folder(
    "THIDUA_TRUST_DIR",
    default=DATA_DIR / "trust",
    about="Thư mục chứng thư số của các nơi được tin cậy (.pem, .crt, .cer), dùng khi kiểm tra chữ ký số.",
)

# --- Work in the background -----------------------------------------------------------------------

JOBS_POLL_MILLISECONDS = environment.number(
    "THIDUA_JOBS_POLL_MS",
    default=300,
    lowest=50,
    highest=60_000,
    about="Bao lâu bộ chạy nền lại tìm việc mới, tính bằng mili giây.",
)
JOBS_DEAD_AFTER_SECONDS = environment.number(
    "THIDUA_JOBS_DEAD_AFTER_S",
    default=60,
    lowest=5,
    highest=3600,
    about="Bao lâu không có tín hiệu thì coi là bộ chạy nền đã chết và giao việc lại, tính bằng giây.",
)

# --- Health ---------------------------------------------------------------------------------------

METRICS_TOKEN = environment.text(
    "THIDUA_METRICS_TOKEN",
    default="",
    about="Mã để máy giám sát đọc /suc-khoe/so-do/. Bỏ trống: chỉ người quản trị đã đăng nhập đọc được.",
)
HEALTH_MIN_FREE_BYTES = (
    environment.number(
        "THIDUA_HEALTH_MIN_FREE_MB",
        default=500,
        lowest=0,
        highest=1_000_000,
        about="Ổ đĩa còn trống ít hơn chừng này (MB) thì /suc-khoe/ báo có vấn đề.",
    )
    * 1024
    * 1024
)
HEALTH_LONGEST_WAIT_SECONDS = environment.number(
    "THIDUA_HEALTH_LONGEST_WAIT_S",
    default=900,
    lowest=10,
    highest=86_400,
    about="Việc chạy nền đến giờ mà chờ lâu hơn chừng này (giây) thì /suc-khoe/ báo có vấn đề.",
)

# --- Log ------------------------------------------------------------------------------------------

LOG_LEVEL = environment.choice(
    "THIDUA_LOG_LEVEL",
    default="INFO",
    among=("DEBUG", "INFO", "WARNING", "ERROR"),
    about="Mức chi tiết của nhật ký kỹ thuật.",
)
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "thidua": {"level": LOG_LEVEL},
        "django": {"level": "INFO", "handlers": [], "propagate": True},
        # Every mistyped address is not an event worth a line.
        "django.request": {"level": "ERROR"},
        # It writes the names that were tried; the log of the program keeps lock-outs.
        "axes": {"level": "ERROR"},
    },
}
