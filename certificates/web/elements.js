// Making the pieces of a page: every text as text, never as markup.

/** Make an element with a class and children. */
export function element(name, kind, ...children) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  made.append(...children);
  return made;
}

/** Return a sentence in Chinese, and the English one smaller behind it. */
export function both(zh, en) {
  const small = element("small", "", ` ${en}`);
  small.lang = "en";
  return [zh, small];
}
