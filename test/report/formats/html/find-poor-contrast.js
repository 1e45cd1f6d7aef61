/**
 * Runs in the page (the tests read it as text): the texts whose contrast to what is behind them is below `least`, by the formula of WCAG 2
 * (relative luminance). Takes the grounds of all elements around a text into account, not what is drawn behind it in a
 * picture, from which labels are set off by an outline.
 * @param {number} least
 * @returns {{ checked: number, poor: string[] }}
 */
function findPoorContrast(least) {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const parse = (css) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = css;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, below) => [
    top[0] * top[3] + below[0] * (1 - top[3]),
    top[1] * top[3] + below[1] * (1 - top[3]),
    top[2] * top[3] + below[2] * (1 - top[3]),
    1,
  ];
  const luminance = (color) => {
    const [red, green, blue] = color.slice(0, 3).map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element) => {
    const layers = [];
    for (let each = element; each !== null; each = each.parentElement) {
      layers.unshift(parse(getComputedStyle(each).backgroundColor));
    }
    return layers.reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };

  const poor = new Set();
  let checked = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent.trim();
    if (text === '' || element.closest('script, style, title') || !element.checkVisibility()) continue;
    checked += 1;
    const style = getComputedStyle(element);
    const ground = groundOf(element);
    const color = over(parse(element instanceof SVGElement ? style.fill : style.color), ground);
    const [lighter, darker] = [luminance(color), luminance(ground)].sort((a, b) => b - a);
    const contrast = (lighter + 0.05) / (darker + 0.05);
    if (contrast < least)
      poor.add(
        `${contrast.toFixed(2)}: ${element.tagName}.${element.getAttribute('class')} ${text.slice(0, 30)}`,
      );
  }
  return { checked, poor: [...poor] };
}

findPoorContrast(4.5);
