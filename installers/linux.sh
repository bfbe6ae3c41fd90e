#!/usr/bin/env bash
# Makes a package for Linux with jpackage: ./sotto package [--type app-image|deb] [--into FOLDER]
# Expects JAVA_HOME (JDK 25) and a built backend/app, as ./sotto provides them.
set -euo pipefail
called_from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."

type=app-image
into=$PWD/installers/target
while (($# > 0)); do
  case $1 in
    --type) type=$2 ;;
    --into) into=$(cd "$called_from" && realpath -m "$2") ;;
    *) echo "sotto package: unknown option $1" >&2 && exit 2 ;;
  esac
  shift 2
done
[[ $type == app-image || $type == deb ]] || { echo "sotto package: --type is app-image or deb" >&2 && exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/jars" "$work/chromium" "$into"

# The class path, one jar a line; Chromium's jar is shipped unpacked instead, so that nothing is unpacked at first start.
mapfile -t jars < <(sed -n 's/^-cp "\(.*\)"$/\1/p' backend/app/target/java.args | tr : '\n')
echo "Collecting ${#jars[@]} jars …"
for jar in "${jars[@]}"; do
  case $(basename "$jar") in
    jcef-natives-*)
      unzip -p "$jar" '*.tar.gz' | tar -xz -C "$work/chromium"
      # Chromium shows no text of its own: one language is enough, and 48 MB less.
      find "$work/chromium/locales" -name '*.pak' ! -name 'en-US*' -delete
      ;;
    *) cp "$jar" "$work/jars/" ;;
  esac
done
main=$(basename "${jars[0]}")

echo "Making the runtime …"
"$JAVA_HOME/bin/jlink" --output "$work/runtime" --strip-debug --no-header-files --no-man-pages \
  --add-modules java.base,java.desktop,java.logging,java.naming,java.net.http,java.sql,java.xml,java.management,jdk.crypto.ec,jdk.unsupported

# The options of the virtual machine as ./sotto has them, and two that have words of their own: $ROOTDIR is empty in an
# installed package, $APPDIR is lib/app. Without its cache of classes the app starts all the same, a little slower.
mapfile -t java < <(sed '/^-cp /d' backend/app/target/java.args | tr ' ' '\n' | sed '/^$/d')
options=()
for option in "${java[@]}" '-Dsotto.chromium.folder=$APPDIR/../chromium' '-XX:AOTCache=$APPDIR/sotto.aot' \
  -Xlog:aot=off,cds=off; do
  options+=(--java-options "$option")
done
about=(
  --name sotto --app-version 0.1.0 --vendor Sotto
  --description "Voice and video calls that nobody but the people in the call can listen to"
)
echo "Making the app-image …"
"$JAVA_HOME/bin/jpackage" --type app-image "${about[@]}" --dest "$work/image" \
  --runtime-image "$work/runtime" --input "$work/jars" --main-jar "$main" --main-class sotto.app.Main \
  --app-content "$work/chromium" "${options[@]}"

# One start and one call in the place of the many to come, with its window if there can be a screen for it: the virtual
# machine keeps the classes that it met. It looks at the jars' names, sizes and times, not at the folder that they lie in.
echo "Preparing fast starts …"
app=$work/image/sotto/lib/app
rehearse() {
  rm -f "$app/sotto.aot"
  timeout 60 "$app/../runtime/bin/java" -XX:AOTCacheOutput="$app/sotto.aot" -XX:+UnlockDiagnosticVMOptions \
    -XX:-AOTRecordTraining -Xlog:disable "${java[@]}" "-Dsotto.chromium.folder=$app/../chromium" \
    -cp "$(sed -n "s:^app.classpath=\$APPDIR:$app:p" "$app/sotto.cfg" | paste -sd:)" \
    sotto.app.Main run --json --end-when-ready --profile "$work/profile" "$@" > /dev/null 2>&1 || true
  [[ -s $app/sotto.aot ]]
}
rehearse_in_window() {
  local screen done=0
  command -v Xvfb > /dev/null || return 1
  Xvfb -displayfd 3 -screen 0 1280x900x24 -nolisten tcp 3> "$work/screen" > /dev/null 2>&1 &
  screen=$!
  while kill -0 $screen 2> /dev/null && [[ ! -s $work/screen ]]; do sleep 0.05; done
  DISPLAY=:$(< "$work/screen") rehearse || done=1
  kill $screen 2> /dev/null || true
  return $done
}
if ! rehearse_in_window && ! rehearse --headless; then
  rm -f "$app/sotto.aot"
  echo "There is no cache of classes in this package." >&2
fi

rm -rf "${into:?}/sotto"
if [[ $type == deb ]]; then
  echo "Making the deb …"
  # jpackage copies into it and ends with an error if it is not there.
  mkdir -p /usr/share/desktop-directories 2> /dev/null || true
  DPKG_DEB_COMPRESSOR_TYPE=zstd DPKG_DEB_COMPRESSOR_LEVEL=3 "$JAVA_HOME/bin/jpackage" --type deb "${about[@]}" \
    --app-image "$work/image/sotto" --dest "$into" \
    --license-file LICENSE --linux-shortcut --linux-menu-group "Network;VideoConference" --linux-package-name sotto
else
  mv "$work/image/sotto" "$into/sotto"
fi
ls -d "$into"/sotto*
