/// The page at `/docs`: it reads `/openapi.json`, shows every operation, and lets it be tried. All of it is in this file's
/// folder and in the program; nothing is asked of another host.
enum DocsPage {
    static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Larder API</title>
        <link rel="stylesheet" href="/docs/style.css">
        <script src="/docs/script.js" defer></script>
        </head>
        <body>
        <a class="skip" href="#operations">Skip to the operations</a>
        <header>
        <h1 id="title">Larder API</h1>
        <div id="description"></div>
        <p class="tools">
        <label for="search">Find</label>
        <input id="search" type="search" placeholder="list, POST, count …" autocomplete="off">
        <kbd>/</kbd>
        <a href="/openapi.json">openapi.json</a>
        </p>
        </header>
        <div class="columns">
        <nav id="contents" aria-label="Operations"></nav>
        <main id="operations" tabindex="-1" aria-busy="true"><p id="status" role="status">Reading the description …</p></main>
        </div>
        <noscript><p>This page needs JavaScript; the description is at /openapi.json.</p></noscript>
        </body>
        </html>

        """
}
