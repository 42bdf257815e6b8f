//! Modules of plain JavaScript as one script: in the order of what they import, without `import` and `export`.
//!
//! It understands little, and refuses the rest: an import is one line with names in braces from a file beside it, an
//! export is a declaration, and no two modules declare the same name at their top level.

use crate::Done;
use std::collections::BTreeMap;

/// One strict script of the module `entry` and all that it needs.
pub(crate) fn bundle(entry: &str, modules: &[(String, String)]) -> Done<String> {
    let mut bundle = Bundle { modules, ..Bundle::default() };
    bundle.add(entry, &mut Vec::new())?;
    Ok(format!("(async () => {{\n'use strict';\n{}}})();\n", bundle.script))
}

#[derive(Default)]
struct Bundle<'m> {
    modules: &'m [(String, String)],
    /// What each module that is in exports.
    exports: BTreeMap<&'m str, Vec<&'m str>>,
    /// Which module declares a name at its top level.
    names: BTreeMap<&'m str, &'m str>,
    script: String,
}

impl<'m> Bundle<'m> {
    fn add(&mut self, name: &str, above: &mut Vec<&'m str>) -> Done {
        if self.exports.contains_key(name) {
            return Ok(());
        }
        let modules = self.modules;
        let (name, text) =
            modules.iter().find(|(n, _)| n == name).ok_or_else(|| format!("there is no {name}"))?;
        if above.contains(&name.as_str()) {
            return Err(format!("{name} imports itself, by way of {}", above.join(", ")).into());
        }
        above.push(name);
        let (mut script, mut exports) = (String::new(), Vec::new());
        for (index, line) in text.lines().enumerate() {
            let refuse = |what: &str| format!("{name}:{}: {what}: {line}", index + 1);
            if let Some((wanted, from)) = import(line).map_err(refuse)? {
                self.add(from, above)?;
                let there = &self.exports[from];
                if let Some(missing) = wanted.iter().find(|wanted| !there.contains(wanted)) {
                    return Err(refuse(&format!("{from} does not export {missing}")).into());
                }
                continue;
            }
            let exported = line.strip_prefix("export ");
            let line = exported.unwrap_or(line);
            if let Some(declared) = declared(line).map_err(refuse)? {
                if let Some(other) = self.names.insert(declared, name) {
                    return Err(refuse(&format!("`{declared}` is also declared by {other}")).into());
                }
                exports.extend(exported.map(|_| declared));
            } else if exported.is_some() {
                return Err(refuse("only declarations can be exported").into());
            }
            script += line;
            script.push('\n');
        }
        above.pop();
        self.exports.insert(name, exports);
        self.script += &format!("// ---- {name}\n{script}");
        Ok(())
    }
}

/// The names that a line imports, and the file that they come from.
fn import(line: &str) -> Result<Option<(Vec<&str>, &str)>, &'static str> {
    let comment = ["*", "//", "/*"].iter().any(|start| line.trim_start().starts_with(start));
    if !comment && (line.contains("import(") || line.contains("import.meta")) {
        return Err("only what is written as `import { … } from` can be imported");
    }
    if !line.starts_with("import") || comment {
        return Ok(None);
    }
    let parts = || {
        let (names, from) = line.strip_prefix("import { ")?.split_once(" } from './")?;
        let from = from.strip_suffix("';")?;
        let names: Vec<&str> = names.split(", ").collect();
        names.iter().all(|name| is_name(name)).then_some((names, from))
    };
    parts().map(Some).ok_or("an import is written `import { a, b } from './c.js';`")
}

/// The name that a line declares at the top level.
fn declared(line: &str) -> Result<Option<&str>, &'static str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    let kinds = ["function* ", "function ", "class ", "const ", "let ", "var "];
    let Some(rest) = kinds.iter().find_map(|kind| line.strip_prefix(kind)) else { return Ok(None) };
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
    match &rest[..end] {
        "" => Err("one name is declared at a time"),
        name => Ok(Some(name)),
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'$')
}

#[cfg(test)]
mod tests {
    use super::bundle;

    fn of(modules: &[(&str, &str)]) -> Result<String, String> {
        let modules: Vec<_> = modules.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect();
        bundle("main.js", &modules).map_err(|error| error.to_string())
    }

    #[test]
    fn modules_come_after_what_they_import_and_once() {
        let script = of(&[
            ("main.js", "import { b } from './b.js';\nimport { a } from './a.js';\nb(a);"),
            ("b.js", "import { a } from './a.js';\nexport function b(x) {\n  const a2 = a;\n}"),
            ("a.js", "/** @type {import('./b.js').B} */\nexport const a = 1;"),
        ]);
        let expected = "(async () => {\n'use strict';\n// ---- a.js\n/** @type {import('./b.js').B} */\nconst a = 1;\n\
                        // ---- b.js\nfunction b(x) {\n  const a2 = a;\n}\n// ---- main.js\nb(a);\n})();\n";
        assert_eq!(script.unwrap(), expected);
    }

    #[test]
    fn what_it_does_not_understand_it_refuses() {
        let a = ("a.js", "export const a = 1;\nconst hidden = 2;");
        for (main, why) in [
            ("import a from './a.js';", "an import is written"),
            ("import { a as b } from './a.js';", "an import is written"),
            ("import { a } from 'https://else.where/a.js';", "an import is written"),
            ("import {\n  a,\n} from './a.js';", "an import is written"),
            ("const a = await import('./a.js');", "only what is written"),
            ("import { hidden } from './a.js';", "does not export hidden"),
            ("import { a } from './a.js';\nconst hidden = 3;", "also declared by a.js"),
            ("import { b } from './b.js';", "there is no b.js"),
            ("export default 1;", "only declarations"),
            ("export { a };", "only declarations"),
            ("export * from './a.js';", "only declarations"),
            ("const { x, y } = z;", "one name"),
            ("import { a } from './main.js';", "imports itself"),
        ] {
            let error = of(&[("main.js", main), a]).unwrap_err();
            assert!(error.contains(why), "{main}: {error}");
        }
    }
}
