// One instance of the library. A call is a message {id, call, args}, and answered by {id, out} or {id, error}; the
// first message is {module}, the compiled wasm. Calls are `name` for a function, `Class.name` for a method: one that
// makes an object gives its handle, a number, which comes first in the arguments of the object's methods;
// `Class.free` lets go of it. An error that is a string is the library's own, and the next call may follow; any other
// ends the worker, and is told as {fatal}.
// @ts-expect-error: every worker has it
importScripts('oversight_web.js');

// @ts-expect-error: the script above declares it
const library = wasm_bindgen;
/** @type {Map<number, any>} */
const objects = new Map();
let made = 0;

/** @param {string} call @param {any[]} args @returns {any} */
function perform(call, args) {
  const [name, method] = call.split('.');
  if (method === undefined) return library[name](...args);
  const type = library[name];
  if (Object.hasOwn(type, method)) {
    objects.set(++made, type[method](...args));
    return made;
  }
  const [handle, ...rest] = args;
  const object = objects.get(handle);
  // Of a worker that is dead, a new one has no object to let go of.
  if (method === 'free' && !object) return undefined;
  if (!(object instanceof type)) throw new Error(`${call}: there is no ${name} ${handle}`);
  if (method === 'free') objects.delete(handle);
  return object[method](...rest);
}

/** @type {(value: any) => void} */
let begin;
const ready = new Promise(begun => { begin = begun; });

onmessage = async ({ data }) => {
  try {
    if (data.module) {
      await library({ module_or_path: data.module });
      begin(undefined);
      return;
    }
    await ready;
    const out = perform(data.call, data.args);
    postMessage({ id: data.id, out }, { transfer: out instanceof Uint8Array ? [out.buffer] : [] });
  } catch (error) {
    if (typeof error === 'string') postMessage({ id: data.id, error });
    else postMessage({ fatal: error instanceof Error ? error.message : String(error) });
  }
};
