"""The command menu, as a piece for the dialog and as a page of its own; and the switch of the theme."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from contacts.access import PortalRequest, allow
from opsportal.context import THEMES
from opsportal.lib.htmx import partial, wants_partial
from opsportal.lib.typed import typed
from opsportal.selectors.menu import menu_for
from opsportal.views.settings import YEAR


@allow("portal.read")
@never_cache
@require_safe
def menu(request: PortalRequest) -> HttpResponse:
    """What fits the words, or where one can go and what one can do from anywhere."""
    q = typed(request.GET, "q")
    context = {"menus": menu_for(request.person, q), "q": q, "nav": "more"}
    if wants_partial(request):
        return partial(request, "opsportal/menu/_options.html", {**context, "back": request.htmx.current_url_abs_path})
    response = render(request, "opsportal/menu/menu.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@allow("portal.read")
@require_POST
def theme(request: PortalRequest) -> HttpResponse:
    """Light, dark, or as the system has it, in this browser; then back to the page it was asked from."""
    chosen, back = request.POST.get("theme", ""), request.POST.get("back", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = redirect(back if back.startswith("/") and ours else "settings")
    value = chosen if chosen in THEMES else ""
    response.set_cookie("theme", value, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response
