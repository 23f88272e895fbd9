"""What programs ask of each room of the site: the same objects and the same functions as its pages, typed.

A door says who comes to an address at all (`haidang.web.access`), a scope what a token may (`haidang.web.api.scopes`);
which single objects somebody sees is said by each model's `visible_to`, and by nothing here.
"""
