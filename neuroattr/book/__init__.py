"""What makes the book: the page of a chapter while it runs, and the runner of chapters and builder of pages.

`chapter` is what every notebook starts from (``from neuroattr.book.chapter import Chapter``); `tables`, `comparison`,
`files` and `context` are its parts; `excerpts` shows what other chapters made; `execution` runs the chapters and builds
the pages. Nothing is imported here, so that a kernel does not load the runner, nor the runner the library.
"""
