import type { Rule } from '../src/review/rule.ts'
import ccArchCondition from './cc-arch-condition/rule.ts'
import ccHostTargetMix from './cc-host-target-mix/rule.ts'
import ccHostprogKernelHeaders from './cc-hostprog-kernel-headers/rule.ts'
import clNotCleaned from './cl-not-cleaned/rule.ts'
import giEntryQuality from './gi-entry-quality/rule.ts'
import giNotIgnored from './gi-not-ignored/rule.ts'
import kcArgListTooLong from './kc-arg-list-too-long/rule.ts'
import kcFailureMasked from './kc-failure-masked/rule.ts'
import kcIfChangedNoForce from './kc-if-changed-no-force/rule.ts'
import kcIfChangedNotInTargets from './kc-if-changed-not-in-targets/rule.ts'
import kcMissingPrerequisite from './kc-missing-prerequisite/rule.ts'
import kcParallelPhonyRace from './kc-parallel-phony-race/rule.ts'
import kcQuietCmd from './kc-quiet-cmd/rule.ts'
import kcShellInRecipe from './kc-shell-in-recipe/rule.ts'
import kcShellQuotingPortability from './kc-shell-quoting-portability/rule.ts'
import kcStaleOrAlwaysRebuilt from './kc-stale-or-always-rebuilt/rule.ts'
import kcStemMismatch from './kc-stem-mismatch/rule.ts'
import kcUseKbuildHelper from './kc-use-kbuild-helper/rule.ts'
import kcfgExpression from './kcfg-expression/rule.ts'
import kcfgMacroEval from './kcfg-macro-eval/rule.ts'
import kcfgRedundantLine from './kcfg-redundant-line/rule.ts'
import kcfgSelectUnmet from './kcfg-select-unmet/rule.ts'
import kcfgSyntax from './kcfg-syntax/rule.ts'
import kcfgUndefinedSymbol from './kcfg-undefined-symbol/rule.ts'
import kcfgUnreachableSymbol from './kcfg-unreachable-symbol/rule.ts'
import kfCcOptionMisuse from './kf-cc-option-misuse/rule.ts'
import kfDeprecatedSyntax from './kf-deprecated-syntax/rule.ts'
import kfIncludePath from './kf-include-path/rule.ts'
import kfMissingExport from './kf-missing-export/rule.ts'
import kfRedundantWarningFlag from './kf-redundant-warning-flag/rule.ts'
import kfScopeChanged from './kf-scope-changed/rule.ts'
import kfTryRunMissingFlags from './kf-try-run-missing-flags/rule.ts'
import kfUnknownKbuildVariable from './kf-unknown-kbuild-variable/rule.ts'
import koBuiltinInModuleDir from './ko-builtin-in-module-dir/rule.ts'
import koCompositeSelf from './ko-composite-self/rule.ts'
import koLibYMisuse from './ko-lib-y-misuse/rule.ts'
import koMissingSource from './ko-missing-source/rule.ts'
import koSharedObject from './ko-shared-object/rule.ts'
import koSubdirVisitsModule from './ko-subdir-visits-module/rule.ts'
import koToolsBuildWorld from './ko-tools-build-world/rule.ts'
import koUndefinedConfig from './ko-undefined-config/rule.ts'
import koUnreferencedSource from './ko-unreferenced-source/rule.ts'
import kpPathConcat from './kp-path-concat/rule.ts'
import kpScriptWithoutSrctree from './kp-script-without-srctree/rule.ts'
import kpSrcObjMixup from './kp-src-obj-mixup/rule.ts'
import kpSrcSemanticsVersion from './kp-src-semantics-version/rule.ts'
import kpWritesSrctree from './kp-writes-srctree/rule.ts'
import lpExtmodAndModpost from './lp-extmod-and-modpost/rule.ts'
import lpKlpFlagInMakefile from './lp-klp-flag-in-makefile/rule.ts'
import lpTopLevelArtifact from './lp-top-level-artifact/rule.ts'
import msBareMake from './ms-bare-make/rule.ts'
import msIfdefMisuse from './ms-ifdef-misuse/rule.ts'
import msInconsistentUserSwitch from './ms-inconsistent-user-switch/rule.ts'
import msMakeTooNew from './ms-make-too-new/rule.ts'
import msParseTimeEffect from './ms-parse-time-effect/rule.ts'
import msRecipeOverride from './ms-recipe-override/rule.ts'
import msRecursiveExpensive from './ms-recursive-expensive/rule.ts'
import msTargetTypo from './ms-target-typo/rule.ts'
import msUnbalancedConditional from './ms-unbalanced-conditional/rule.ts'
import msUndefinedMacro from './ms-undefined-macro/rule.ts'
import ootExtmodPaths from './oot-extmod-paths/rule.ts'
import ootIntreeOnlyPrereq from './oot-intree-only-prereq/rule.ts'
import ootNeededFileNotShipped from './oot-needed-file-not-shipped/rule.ts'
import ootTopMakefileReentry from './oot-top-makefile-reentry/rule.ts'
import prDocsMissed from './pr-docs-missed/rule.ts'
import prForeignOwnedOrFrozen from './pr-foreign-owned-or-frozen/rule.ts'
import prRecipients from './pr-recipients/rule.ts'
import prSeriesBisect from './pr-series-bisect/rule.ts'
import prTagsSpdx from './pr-tags-spdx/rule.ts'
import prUnrelatedHunk from './pr-unrelated-hunk/rule.ts'
import sdPresenceChanged from './sd-presence-changed/rule.ts'
import stCflagsClobber from './st-cflags-clobber/rule.ts'
import stConfigFragment from './st-config-fragment/rule.ts'
import stGenModsDir from './st-gen-mods-dir/rule.ts'
import stTestProgFiles from './st-test-prog-files/rule.ts'
import stUnregisteredTest from './st-unregistered-test/rule.ts'

/** Every rule, sorted by id. */
// prettier-ignore
export const rules: readonly Rule[] = [
  ccArchCondition,
  ccHostTargetMix,
  ccHostprogKernelHeaders,
  clNotCleaned,
  giEntryQuality,
  giNotIgnored,
  kcArgListTooLong,
  kcFailureMasked,
  kcIfChangedNoForce,
  kcIfChangedNotInTargets,
  kcMissingPrerequisite,
  kcParallelPhonyRace,
  kcQuietCmd,
  kcShellInRecipe,
  kcShellQuotingPortability,
  kcStaleOrAlwaysRebuilt,
  kcStemMismatch,
  kcUseKbuildHelper,
  kcfgExpression,
  kcfgMacroEval,
  kcfgRedundantLine,
  kcfgSelectUnmet,
  kcfgSyntax,
  kcfgUndefinedSymbol,
  kcfgUnreachableSymbol,
  kfCcOptionMisuse,
  kfDeprecatedSyntax,
  kfIncludePath,
  kfMissingExport,
  kfRedundantWarningFlag,
  kfScopeChanged,
  kfTryRunMissingFlags,
  kfUnknownKbuildVariable,
  koBuiltinInModuleDir,
  koCompositeSelf,
  koLibYMisuse,
  koMissingSource,
  koSharedObject,
  koSubdirVisitsModule,
  koToolsBuildWorld,
  koUndefinedConfig,
  koUnreferencedSource,
  kpPathConcat,
  kpScriptWithoutSrctree,
  kpSrcObjMixup,
  kpSrcSemanticsVersion,
  kpWritesSrctree,
  lpExtmodAndModpost,
  lpKlpFlagInMakefile,
  lpTopLevelArtifact,
  msBareMake,
  msIfdefMisuse,
  msInconsistentUserSwitch,
  msMakeTooNew,
  msParseTimeEffect,
  msRecipeOverride,
  msRecursiveExpensive,
  msTargetTypo,
  msUnbalancedConditional,
  msUndefinedMacro,
  ootExtmodPaths,
  ootIntreeOnlyPrereq,
  ootNeededFileNotShipped,
  ootTopMakefileReentry,
  prDocsMissed,
  prForeignOwnedOrFrozen,
  prRecipients,
  prSeriesBisect,
  prTagsSpdx,
  prUnrelatedHunk,
  sdPresenceChanged,
  stCflagsClobber,
  stConfigFragment,
  stGenModsDir,
  stTestProgFiles,
  stUnregisteredTest,
]
