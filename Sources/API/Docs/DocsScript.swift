/// What ``DocsPage`` does.
enum DocsScript {
    static let javaScript = #"""
        'use strict';

        const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
        /** Query parameters that are no filters. */
        const PAGING = ['limit', 'cursor', 'sort', 'count', 'fields', 'include'];
        /** What browsers set themselves and let no page set. */
        const FORBIDDEN = ['Accept-Encoding'];
        let description;
        const byId = id => document.getElementById(id);

        /** An element with properties and children; text is never taken for markup. */
        function element(tag, properties = {}, ...children) {
          const made = document.createElement(tag);
          for (const [name, value] of Object.entries(properties)) {
            if (value === undefined || value === false) continue;
            made.setAttribute(name, value === true ? '' : value);
          }
          made.append(...children.filter(child => child !== null && child !== undefined));
          return made;
        }

        /** What a reference stands for. */
        function resolve(part) {
          if (!part || !part.$ref) return part;
          return part.$ref.slice(2).split('/').reduce((found, name) => found[name], description);
        }

        async function start() {
          try {
            const answer = await fetch('/openapi.json');
            if (!answer.ok) throw new Error(`it answered ${answer.status}`);
            description = await answer.json();
          } catch (error) {
            byId('status').textContent = `The description cannot be read: ${error.message}. Reload the page to try again.`;
            return;
          }
          byId('title').textContent = `${description.info.title} API`;
          byId('description').replaceChildren(...description.info.description.split('\n\n').map(text => element('p', {}, text)));
          const sections = new Map(description.tags.map(tag => [tag.name, element('section', {'aria-label': tag.name},
            element('h2', {id: `tag-${tag.name}`}, tag.name))]));
          for (const [path, item] of Object.entries(description.paths)) {
            for (const method of METHODS) {
              if (!item[method]) continue;
              const parameters = [...(item[method].parameters ?? []), ...item.parameters];
              sections.get(item[method].tags[0]).append(entry(path, method, {...item[method], parameters}));
            }
          }
          byId('contents').replaceChildren(...[...sections.keys()].map(tag => element('a', {href: `#tag-${tag}`}, tag)));
          byId('operations').replaceChildren(...sections.values());
          byId('operations').removeAttribute('aria-busy');
          open(location.hash.slice(1));
        }

        /** One operation; what is in it is made when it is opened. */
        function entry(path, method, operation) {
          const details = element('details', {id: operation.operationId},
            element('summary', {}, element('span', {class: `method ${method}`}, method.toUpperCase()),
              element('span', {class: 'path'}, path), element('span', {class: 'what'}, operation.summary)));
          details.dataset.words = `${method} ${path} ${operation.summary} ${operation.operationId}`.toLowerCase();
          details.addEventListener('toggle', () => {
            if (!details.open) return;
            history.replaceState(null, '', `#${operation.operationId}`);
            if (!details.querySelector('form')) details.append(form(path, method, operation), answers(operation));
          });
          return details;
        }

        function form(path, method, operation) {
          const parameters = operation.parameters.map(resolve).filter(parameter => !FORBIDDEN.includes(parameter.name));
          const fields = parameters.map(parameter => ({parameter, input: input(parameter, operation.operationId)}));
          const main = fields.filter(({parameter}) => parameter.in === 'path' || PAGING.includes(parameter.name));
          const filters = fields.filter(({parameter}) => parameter.in === 'query' && !PAGING.includes(parameter.name));
          const headers = fields.filter(({parameter}) => parameter.in === 'header');
          const content = operation.requestBody?.content;
          const type = content && element('select', {'aria-label': 'Content-Type'},
            ...Object.keys(content).map(name => element('option', {}, name)));
          const body = content && element('textarea', {'aria-label': 'Body', spellcheck: 'false'});
          if (body) body.value = JSON.stringify(Object.values(content)[0].example, null, 2);
          const send = element('button', {type: 'submit'}, 'Send');
          const result = element('div', {'aria-live': 'polite', class: 'result'});
          const made = element('form', {},
            main.length ? element('fieldset', {}, element('legend', {}, 'Parameters'), grid(main)) : null,
            more('Filters', filters), more('Headers', headers),
            content ? element('fieldset', {}, element('legend', {}, 'Body'), type, body) : null,
            element('p', {}, send, ' ', element('kbd', {}, 'Ctrl Enter')), result);
          made.addEventListener('submit', async event => {
            event.preventDefault();
            send.disabled = true;
            await run(path, method, fields, body && {type: type.value, text: body.value}, result);
            send.disabled = false;
          });
          made.addEventListener('keydown', event => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); made.requestSubmit(); }
          });
          return made;
        }

        /** Fields that are not always needed. */
        function more(title, fields) {
          if (!fields.length) return null;
          return element('details', {}, element('summary', {}, `${title} (${fields.length})`), element('fieldset', {}, grid(fields)));
        }

        function grid(fields) {
          return element('div', {class: 'grid'}, ...fields.map(({parameter, input}) => element('div', {},
            element('label', {for: input.id}, parameter.name, parameter.required ? ' *' : ''), input,
            suggestions(parameter, input), element('small', {}, parameter.description))));
        }

        function input(parameter, operation) {
          const schema = resolve(parameter.schema);
          const id = `${operation}-${parameter.in}-${parameter.name}`;
          if (schema.enum) {
            return element('select', {id}, element('option', {value: ''}, ''),
              ...schema.enum.map(choice => element('option', {}, String(choice))));
          }
          const list = parameter.examples && `${id}-values`;
          const example = parameter.example ?? Object.values(parameter.examples)[0].value;
          return element('input', {id, required: parameter.required, list, autocomplete: !list && 'off', placeholder: String(example)});
        }

        /** The values that mean something each, if there are such. */
        function suggestions(parameter, input) {
          if (!parameter.examples) return null;
          return element('datalist', {id: input.getAttribute('list')},
            ...Object.values(parameter.examples).map(({value, summary}) => element('option', {value}, summary)));
        }

        /** Sends what the form says, and shows what comes back. */
        async function run(path, method, fields, body, result) {
          const query = new URLSearchParams();
          // Without a word about it browsers would ask for what is not from a cache.
          const headers = {'Cache-Control': 'max-age=0'};
          let target = path;
          for (const {parameter, input} of fields) {
            if (parameter.in === 'path') target = target.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
            else if (input.value === '') continue;
            else if (parameter.in === 'query') query.append(parameter.name, input.value);
            else headers[parameter.name] = input.value;
          }
          if ([...query].length) target += `?${query}`;
          if (body) headers['Content-Type'] = body.type;
          result.replaceChildren(element('p', {class: 'line'}, 'Waiting …'));
          const start = performance.now();
          try {
            const answer = await fetch(target, {method: method.toUpperCase(), headers, body: body?.text, cache: 'no-store'});
            const text = await answer.text();
            show(answer, text, performance.now() - start, `${method.toUpperCase()} ${target}`, result);
          } catch (error) {
            result.replaceChildren(element('p', {class: 'line bad', role: 'alert'}, `There was no answer: ${error.message}.`));
          }
        }

        function show(answer, text, milliseconds, request, result) {
          let body = text;
          if (/\bjson\b/.test(answer.headers.get('Content-Type') ?? '')) {
            try { body = JSON.stringify(JSON.parse(text), null, 2); } catch { /* it is shown as it came */ }
          }
          const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
          result.replaceChildren(
            element('p', {class: 'line'}, element('code', {}, request)),
            element('p', {class: 'line'}, element('strong', {class: answer.ok ? 'status good' : 'status bad'},
              `${answer.status} ${answer.statusText}`), ` in ${milliseconds.toFixed(1)} ms, ${text.length} characters`),
            element('pre', {class: 'headers', tabindex: '0', 'aria-label': 'Headers of the answer'}, headers));
          if (body) result.append(element('pre', {class: 'body', tabindex: '0', 'aria-label': 'Body of the answer'}, body));
        }

        function answers(operation) {
          const all = Object.entries(operation.responses).map(([status, answer]) => [status, resolve(answer)]);
          const inEach = Object.keys(all[0][1].headers).filter(name => all.every(([, answer]) => name in answer.headers));
          const rows = all.flatMap(([status, answer]) => row(status, answer.description,
            Object.keys(answer.headers).filter(name => !inEach.includes(name))));
          rows.push(...row('all', '', inEach));
          return element('div', {class: 'answers'}, element('details', {}, element('summary', {}, 'Answers'),
            element('dl', {class: 'answers'}, ...rows)));
        }

        function row(status, description, headers) {
          return [element('dt', {}, status),
            element('dd', {}, description, ' ', headers.length ? element('code', {}, headers.join(', ')) : null)];
        }

        /** Opens the operation that the address names. */
        function open(id) {
          const target = id && byId(id);
          if (!target) return;
          if (target.tagName === 'DETAILS') target.open = true;
          target.scrollIntoView();
        }

        byId('search').addEventListener('input', event => {
          const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
          for (const section of byId('operations').querySelectorAll('section')) {
            let found = 0;
            for (const details of section.querySelectorAll(':scope > details')) {
              details.hidden = !words.every(word => details.dataset.words.includes(word));
              found += !details.hidden;
            }
            section.hidden = found === 0;
          }
        });

        document.addEventListener('keydown', event => {
          if (event.key !== '/' || event.ctrlKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
          event.preventDefault();
          byId('search').focus();
        });
        window.addEventListener('hashchange', () => open(location.hash.slice(1)));

        start();

        """#
}
