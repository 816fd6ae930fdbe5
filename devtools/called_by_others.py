"""Names that are ours and that somebody else calls: no code here says them, and none is dead.

Columns, fields of forms and kinds of a `Choices` are not here, for `devtools/dead_code.py` asks
Django for them; nor what a template or a dotted path names.
"""

from __future__ import annotations

CALLED_BY_OTHERS = {
    "Django": (
        "Command",
        "Meta",
        "*Config",
        "abstract",
        "add_arguments",
        "app_name",
        "as_sql",
        "bound_field_class",
        "cookie_name",
        "deletion_widget",
        "field_template_name",
        "form_template_name",
        "formset_template_name",
        "function",
        "get_by_natural_key",
        "get_full_name",
        "handle",
        "handler400",
        "handler403",
        "handler404",
        "handler500",
        "initial_form_count",
        "option_template_name",
        "prepare_value",
        "process_exception",
        "process_view",
        "requires_system_checks",
        "stealth_options",
        "storage_classes",
        "to_url",
        "use_required_attribute",
        "value_omitted_from_data",
        "EMAIL_FIELD",
        "REQUIRED_FIELDS",
        "USERNAME_FIELD",
        # Set on what is Django's own.
        "_non_form_errors",
    ),
    "allauth": (
        "can_delete_authenticator",
        "complete_login",
        "extract_common_fields",
        "extract_email_addresses",
        "extract_extra_data",
        "extract_uid",
        "generate_state_param",
        "get_password_change_redirect_url",
        "is_open_for_signup",
        "oauth2_adapter_class",
        "on_authentication_error",
        "parse_token",
        "pre_authenticate",
        "pre_social_login",
        "provider_classes",
        "send_notification_mail",
    ),
    "Babel": ("creation_date",),
    "pyHanko": ("_update_meta", "sign_raw"),
    "pulse.tally, which takes a tally as a tuple and each by a name put together": ("unsure_*",),
    "readers of the tables of waiting states, and the test of each": (
        "WAITING_STATES",
        "waits_for",
    ),
}
