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

options=(
  --name sotto --app-version 0.1.0 --vendor Sotto
  --description "Voice and video calls that nobody but the people in the call can listen to"
  --runtime-image "$work/runtime" --input "$work/jars" --main-jar "$main" --main-class sotto.app.Main
  --app-content "$work/chromium"
  --java-options --enable-native-access=ALL-UNNAMED
  --java-options -Dorg.slf4j.simpleLogger.defaultLogLevel=warn
  --java-options -Dorg.slf4j.simpleLogger.log.org.eclipse.jetty=error
  # $ROOTDIR is empty in an installed package; $APPDIR is lib/app.
  --java-options '-Dsotto.chromium.folder=$APPDIR/../chromium'
  --dest "$into"
)
rm -rf "${into:?}/sotto"
echo "Making the $type …"
if [[ $type == deb ]]; then
  # jpackage copies into it and ends with an error if it is not there.
  mkdir -p /usr/share/desktop-directories 2> /dev/null || true
  DPKG_DEB_COMPRESSOR_TYPE=zstd DPKG_DEB_COMPRESSOR_LEVEL=3 "$JAVA_HOME/bin/jpackage" --type deb "${options[@]}" \
    --license-file LICENSE --linux-shortcut --linux-menu-group "Network;VideoConference" --linux-package-name sotto
else
  "$JAVA_HOME/bin/jpackage" --type app-image "${options[@]}"
fi
ls -d "$into"/sotto*
