"""The facts are renewed from the sources of Slicer: here from a few headers and files in its style."""

from __future__ import annotations

import json

import pytest
from standin.generate_facts import main

SELECTOR = """
class qTreeSelectorPrivate;

/// class qMRMLTreeSelector : in a comment
class QMRML_WIDGETS_EXPORT qMRMLTreeSelector : public ctkTreeBase
{
  Q_OBJECT
  Q_PROPERTY(QString nodeID READ nodeID WRITE setNodeID NOTIFY nodeIDChanged DESIGNABLE false)
  // Q_PROPERTY(int gone READ gone)
  Q_PROPERTY(int count READ count)
  Q_PROPERTY(QColor color MEMBER Color)
  Q_FLAGS(Parts)
public:
  typedef ctkTreeBase Superclass;
  enum Part { None = 0x00, Prefix = 1, /* and */ Suffix = 1 << 1, Last, All = Prefix | Suffix };
  Q_DECLARE_FLAGS(Parts, Part)
  enum Unknown { A, B };
  explicit qMRMLTreeSelector(QWidget* parent = nullptr);
  ~qMRMLTreeSelector() override;
  Q_INVOKABLE vtkMRMLNode* currentNode() const;
  Q_INVOKABLE void setLabel(const QString& label, const QString& kind = QString("a, b"));
  inline int count() const { if (this->Count > 0) { return this->Count; } return 0; }
  bool operator==(const qMRMLTreeSelector& other) const;
  QList<vtkMRMLNode*> nodes() const;
#ifdef TREE_DEPRECATED
  void setNodeID(const QString& id);
#endif

public slots:
  virtual void setMRMLScene(vtkMRMLScene* scene);
  void setNodeID(const QString& id);

signals:
  void currentNodeChanged(vtkMRMLNode* node);
  void currentNodeChanged(bool valid);
  void moved(double, unsigned int step, const QMap<QString, int>& all = {});

protected slots:
  void onMoved();

protected:
  QScopedPointer<qTreeSelectorPrivate> d_ptr;

private:
  Q_DECLARE_PRIVATE(qMRMLTreeSelector);
  Q_PRIVATE_SLOT(d_func(), void changed())
  void hide();
};
"""
BASE = """
class CTK_WIDGETS_EXPORT ctkTreeBase : public QFrame
{
  Q_OBJECT
  Q_ENUMS(Mode)
  Q_PROPERTY(bool flat READ isFlat)
public:
  enum Mode { Quick = -1, Slow = QFrame::HLine };
  ctkTreeBase(const QString& title, QWidget* parent = 0);
  bool isFlat() const;
public Q_SLOTS:
  void reset();
Q_SIGNALS:
  void done(bool=false);
};
"""
DECORATORS = """
class qSlicerTreePythonQtDecorators : public QObject
{
public slots:
  qMRMLTreeSelector* new_qMRMLTreeSelector(int) { return nullptr; }
  vtkMRMLScene* sceneOf(qMRMLTreeSelector* selector)
  { return selector->scene(); }
};
"""
SCRIPT = """
class ScriptedLoadableModuleLogic:
    def __init__(self, parent=None): pass
    def getParameterNode(self, *, tag=None): pass
    def _private(self): pass
def outside(a, b=1): pass
"""
KNOWN = {
    "slicer": {
        "qMRMLTreeSelector": {"new_in_5.12": ["reset", "gone"]},
        "ctkTreeBase": {"new_in_5.12": []},
        "ctkElsewhere": {"properties": {"kept": "bool"}},
    },
    "qt": {"QFrame": {"base": "QWidget"}},
    "python": {"slicer.i18n": {"tr": ["text"]}},
}


@pytest.fixture
def sources(tmp_path):
    """A checkout with two headers, of which one is CTK's, decorators and one scripted file."""
    files = {
        "Slicer/Libs/MRML/Widgets/qMRMLTreeSelector.h": SELECTOR,
        "Slicer/build/CTK/Libs/Widgets/ctkTreeBase.h": BASE,
        "Slicer/Base/QTGUI/qSlicerTreePythonQtDecorators.h": DECORATORS,
        "Slicer/Base/Python/slicer/ScriptedLoadableModule.py": SCRIPT,
        "facts.json": json.dumps(KNOWN),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def renew(sources, *more):
    assert main(["--slicer", str(sources / "Slicer"), "--facts", str(sources / "facts.json"), *more]) == 0
    return json.loads((sources / "facts.json").read_text())


def test_what_python_sees_of_a_class_and_its_bases_is_read_from_the_headers(sources):
    assert renew(sources)["slicer"]["qMRMLTreeSelector"] == {
        "module": "slicer",
        "inherits": ["ctkTreeBase", "QFrame"],
        "constructible": True,
        "properties": {"color": "QColor", "count": "!int", "flat": "!bool", "nodeID": "QString"},
        "signals": [
            "currentNodeChanged(vtkMRMLNode*)",
            "currentNodeChanged(bool)",
            "moved(double,uint,QMap<QString,int>)",
            "moved(double,uint)",
            "done(bool)",
            "done()",
        ],
        "callables": ["currentNode", "reset", "sceneOf", "setLabel", "setMRMLScene", "setNodeID"],
        "hidden": ["isFlat", "nodes"],
        "enums": {
            "Mode": {"Quick": -1, "Slow": 4},
            "Parts": {"None": 0, "Prefix": 1, "Suffix": 2, "Last": 3, "All": 3},
        },
        "new_in_5.12": ["reset"],
    }


def test_a_class_without_a_constructor_for_a_parent_alone_cannot_be_constructed(sources):
    assert renew(sources)["slicer"]["ctkTreeBase"]["constructible"] is False


def test_an_older_checkout_tells_what_is_new(sources):
    older = sources / "older"
    older.mkdir()
    (older / "qMRMLTreeSelector.h").write_text(SELECTOR.replace("Changed(bool valid)", "Changed(int valid)"))
    (older / "ctkTreeBase.h").write_text(BASE.replace("void reset();", ""))

    new = renew(sources, "--older", str(older))["slicer"]["qMRMLTreeSelector"]["new_in_5.12"]

    assert sorted(new) == ["currentNodeChanged(bool)", "reset", "sceneOf"]


def test_the_arguments_of_scripted_functions_are_read(sources):
    assert renew(sources)["python"] == {
        "slicer.i18n": {"tr": ["text"]},
        "slicer.ScriptedLoadableModule": {
            "ScriptedLoadableModuleLogic.__init__": ["self", "parent"],
            "ScriptedLoadableModuleLogic.getParameterNode": ["self", "tag"],
            "outside": ["a", "b"],
        },
    }


def test_what_is_not_found_stays_and_is_named(sources, capsys):
    (sources / "Slicer" / "build" / "CTK" / "Libs" / "Widgets" / "ctkTreeBase.h").unlink()

    facts = renew(sources)

    assert facts["slicer"] == KNOWN["slicer"]
    assert facts["qt"] == KNOWN["qt"]
    assert capsys.readouterr().out.splitlines()[:3] == [
        "kept as it was: qMRMLTreeSelector (no header of ctkTreeBase)",
        "kept as it was: ctkTreeBase (no header of ctkTreeBase)",
        "kept as it was: ctkElsewhere (no header of ctkElsewhere)",
    ]


@pytest.mark.parametrize("arguments", [[], ["--slicer", "/nowhere/at/all"]])
def test_without_a_checkout_it_says_so_and_changes_nothing(sources, capsys, arguments):
    facts = sources / "facts.json"

    assert main([*arguments, "--facts", str(facts)]) == 2
    assert "Name a checkout of Slicer with --slicer" in capsys.readouterr().err
    assert json.loads(facts.read_text()) == KNOWN
