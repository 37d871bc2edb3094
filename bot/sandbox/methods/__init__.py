"""The methods of the Web API, one module for each family; `webapi` says what each of them needs."""
