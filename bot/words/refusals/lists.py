"""What is said of a list of customers that cannot be used?"""

from bot.domain import errors
from bot.words import rows
from bot.words.refusals.reply import Replies
from bot.words.text import safe

SENTENCES: Replies = {
    errors.ListMissing: "Whose access is it about? Give a file, or paste the customers here.",
    errors.ListTwice: "There is a file as well. Leave one of the two empty.",
    errors.ListUseless: lambda error, _: (
        f"No row of the list can be used. Row {error.line}, “{safe(error.text, 60)}”: {safe(rows.bad(error.why), 160)}"
    ),
    errors.ListEmpty: "The list is empty: put each customer into a row of its own.",
    errors.ListNotText: lambda error, _: (
        "This is a spreadsheet file: in the spreadsheet choose *Save as* or *Download*, *CSV*, and give me that file."
        if error.kind == "spreadsheet"
        else f"This is {safe(f'a {error.kind}' if error.kind else 'no text', 20)}. Give me a CSV file."
    ),
    errors.ListTooLarge: lambda error, _: (
        f"The list is larger than {error.limit / 1_000_000:g} MB. Leave out columns that I do not need, or split it."
    ),
    errors.ListTooLong: lambda error, _: (
        f"The list has more than {error.limit:,} rows, and one request takes no more. Split it."
    ),
    errors.ListMixed: lambda error, _: (
        f"The list names so many different offers and actions that it would become more than {error.limit} requests, "
        "each of them decided by itself. Send it in several pieces."
    ),
    errors.NotBroughtAbout: lambda error, _: (
        f"{safe(error.request_id, 20)} has changed nothing for any of these customers, or another request has done the "
        "same for them since, so there is nothing to undo for them."
    ),
    errors.FilesNotReadable: (
        "I may not read files here. Paste the list into *Customers* instead, or have whoever installed me grant the "
        "scope `files:read`."
    ),
    errors.FileElsewhere: "This file is not kept by Slack. Upload the file itself, or paste the list.",
    errors.FileNotGiven: "Slack did not give me this file just now. Send again, or paste the list.",
    errors.NobodyLeft: (
        "Nothing is to be done for anybody on this list: they have it as asked already, or cannot be found."
    ),
}
