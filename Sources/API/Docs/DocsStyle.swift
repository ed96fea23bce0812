/// How ``DocsPage`` looks, in light and in dark.
enum DocsStyle {
    static let css = """
        :root {
          color-scheme: light dark;
          --paper: light-dark(#fdfcfa, #16181d); --raised: light-dark(#ffffff, #1e2128); --ink: light-dark(#1d2129, #e6e8ec);
          --faint: light-dark(#5a6170, #a0a7b5); --line: light-dark(#d9d6cf, #363b46); --accent: light-dark(#8a3b12, #f0a878);
          --get: light-dark(#1b5e8c, #7cc0f0); --post: light-dark(#2b6a2f, #86d08a); --put: light-dark(#7a5200, #e8bd5a);
          --patch: light-dark(#5b3f91, #c0a6f2); --delete: light-dark(#a32222, #f49090);
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        header { padding: 1.5rem clamp(1rem, 4vw, 3rem) 1rem; border-bottom: 1px solid var(--line); }
        h1 { margin: 0; font-size: 1.6rem; }
        header p { max-width: 75ch; margin: .5rem 0; color: var(--faint); }
        .tools { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
        a { color: var(--accent); }
        .skip { position: absolute; left: -100rem; }
        .skip:focus { left: 1rem; top: 1rem; background: var(--raised); padding: .5rem 1rem; z-index: 2; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        .columns { display: grid; grid-template-columns: 15rem minmax(0, 1fr); gap: 2rem;
          padding: 1rem clamp(1rem, 4vw, 3rem) 4rem; }
        nav { position: sticky; top: 1rem; align-self: start; max-height: calc(100vh - 2rem); overflow: auto; }
        nav a { display: block; padding: .25rem .5rem; border-radius: .3rem; text-decoration: none; }
        nav a:hover { background: var(--raised); }
        h2 { margin: 2rem 0 .5rem; font-size: 1.2rem; }
        main > section:first-of-type h2 { margin-top: 0; }
        details { margin: .5rem 0; border: 1px solid var(--line); border-radius: .5rem; background: var(--raised); }
        summary { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; padding: .6rem .8rem; cursor: pointer; }
        summary::before { content: "▸"; color: var(--faint); }
        details[open] > summary::before { content: "▾"; }
        summary .what { color: var(--faint); }
        code, pre, textarea, .path, .method { font-family: ui-monospace, monospace; font-size: .9rem; }
        .path { overflow-wrap: anywhere; }
        .method { font-weight: 700; min-width: 4.2rem; }
        .get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); }
        .patch { color: var(--patch); } .delete { color: var(--delete); }
        form, .answers { padding: 0 .8rem .8rem; }
        fieldset { margin: .5rem 0; padding: .5rem .8rem; border: 1px solid var(--line); border-radius: .4rem; }
        legend { padding: 0 .3rem; color: var(--faint); }
        .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); gap: .6rem 1rem; }
        .grid label { font-family: ui-monospace, monospace; font-size: .85rem; overflow-wrap: anywhere; }
        .grid small { display: block; color: var(--faint); line-height: 1.3; }
        input, textarea, select, button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line);
          border-radius: .3rem; padding: .35rem .5rem; }
        .grid input, .grid select, textarea { width: 100%; }
        textarea { min-height: 12rem; margin-top: .4rem; resize: vertical; font: .9rem/1.5 ui-monospace, monospace; }
        button { background: var(--accent); color: var(--paper); border-color: var(--accent); padding: .4rem 1.2rem;
          font-weight: 600; cursor: pointer; }
        button:disabled { opacity: .6; cursor: wait; }
        pre { margin: .4rem 0; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--paper);
          overflow: auto; max-height: 24rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        .line { margin: .6rem 0 .2rem; } .good { color: var(--post); } .bad { color: var(--delete); }
        kbd { border: 1px solid var(--line); border-radius: .3rem; padding: 0 .4rem; font-size: .85rem; color: var(--faint); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .3rem 0; }
        dt { font-family: ui-monospace, monospace; } dd { margin: 0; color: var(--faint); }
        [hidden] { display: none !important; }
        @media (max-width: 50rem) {
          .columns { grid-template-columns: minmax(0, 1fr); gap: 0; }
          nav { position: static; display: flex; flex-wrap: wrap; max-height: none; }
          dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; }
        }
        @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }

        """
}
