/**
 * What compilers write into modules beside the program: TypeScript (tslib), Babel, swc, esbuild and oxc. They are told by
 * their names, which no program gives to functions of its own; the exceptions are in {@link BESIDE}.
 */
const HELPERS = new Set([
  // https://github.com/microsoft/tslib/blob/main/tslib.js
  ...['__extends', '__assign', '__rest', '__decorate', '__param', '__esDecorate', '__runInitializers'],
  ...['__propKey', '__setFunctionName', '__metadata', '__awaiter', '__generator', '__exportStar'],
  ...['__createBinding', '__values', '__read', '__spread', '__spreadArrays', '__spreadArray', '__await'],
  ...['__asyncGenerator', '__asyncDelegator', '__asyncValues', '__makeTemplateObject', '__importStar'],
  ...['__importDefault', '__setModuleDefault', '__classPrivateFieldGet', '__classPrivateFieldSet'],
  ...['__classPrivateFieldIn', '__addDisposableResource', '__disposeResources'],
  ...['__rewriteRelativeImportExtension'],
  // https://github.com/evanw/esbuild/blob/main/internal/runtime/runtime.go
  ...['__name', '__export', '__copyProps', '__reExport', '__toESM', '__toCommonJS', '__commonJS', '__esm'],
  ...['__require', '__async', '__publicField', '__privateGet', '__privateSet', '__privateAdd'],
  ...['__privateMethod', '__privateIn', '__privateWrapper', '__accessCheck', '__typeError', '__objRest'],
  ...['__spreadProps', '__spreadValues', '__defNormalProp', '__decorateClass', '__decorateParam'],
  ...['__decorateElement', '__forAwait', '__yieldStar', '__using', '__callDispose', '__glob', '__template'],
  // https://github.com/babel/babel/tree/main/packages/babel-helpers/src/helpers, and swc's names for the same
  ...['_interopRequireDefault', '_interopRequireWildcard', '_getRequireWildcardCache', '_asyncToGenerator'],
  ...['_classCallCheck', '_createClass', '_defineProperties', '_defineProperty', '_toPropertyKey'],
  ...[
    '_toPrimitive',
    '_objectSpread',
    '_objectSpread2',
    '_objectWithoutProperties',
    '_inherits',
    '_callSuper',
  ],
  ...['_objectWithoutPropertiesLoose', '_inheritsLoose', '_setPrototypeOf', '_getPrototypeOf'],
  ...['_possibleConstructorReturn', '_assertThisInitialized', '_isNativeReflectConstruct', '_superPropGet'],
  ...['_slicedToArray', '_toConsumableArray', '_toArray', '_arrayWithHoles', '_arrayWithoutHoles'],
  ...['_arrayLikeToArray', '_unsupportedIterableToArray', '_iterableToArray', '_iterableToArrayLimit'],
  ...['_nonIterableRest', '_nonIterableSpread', '_createForOfIteratorHelper', '_wrapAsyncGenerator'],
  ...['_createForOfIteratorHelperLoose', '_asyncIterator', '_awaitAsyncGenerator', '_regeneratorRuntime'],
  ...['_classPrivateFieldGet', '_classPrivateFieldGet2', '_classPrivateFieldSet', '_classPrivateFieldSet2'],
  ...['_classPrivateFieldInitSpec', '_classPrivateMethodInitSpec', '_checkPrivateRedeclaration'],
  ...['_assertClassBrand', '_taggedTemplateLiteral', '_wrapNativeSuper', '_applyDecoratedDescriptor'],
  ...['asyncGeneratorStep', '_interop_require_default', '_interop_require_wildcard', '_export_star'],
  ...['_getRequireWildcardCache', '_async_to_generator', '_define_property', '_object_spread'],
  ...[
    '_object_spread_props',
    '_ts_decorate',
    '_ts_metadata',
    '_ts_param',
    '_ts_generator',
    '_class_call_check',
  ],
]);

/** Names that a program may use itself: they are a compiler's only in a file that has one of the helpers that call them. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  ownKeys: ['_objectSpread'],
  _typeof: ['_toPropertyKey', 'toPropertyKey'],
  // https://github.com/oxc-project/oxc/tree/main/npm/runtime/src/helpers, which Rolldown writes into bundles
  toPropertyKey: ['_defineProperty', '_createClass'],
  toPrimitive: ['_defineProperty', '_createClass'],
  _export: ['_interop_require_default'],
  _extends: ['_inheritsLoose'],
};

/**
 * Says of functions of one file whether a compiler wrote them.
 * @param names qualified names of all its functions
 */
export function findHelpers(names: Iterable<string>): (name: string) => boolean {
  const all = new Set(names);
  return (name) => {
    const outermost = /^[^.#[]+/.exec(name)?.[0] ?? name;
    const beside = Object.hasOwn(BESIDE, outermost) ? BESIDE[outermost]! : [];
    return HELPERS.has(outermost) || beside.some((helper) => all.has(helper));
  };
}
