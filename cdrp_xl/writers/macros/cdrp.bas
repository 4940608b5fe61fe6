Attribute VB_Name = "cdrp"
Option Explicit

' What the buttons run. This text is kept with the program, which compiles it into each new master workbook:
' a change made here, in the editor, is gone when the workbook is made again.

Public Sub Refresh()
    RunButton "Refresh", "import cdrp_xl.addin; cdrp_xl.addin.refresh_clicked()"
End Sub

Public Sub Publish()
    RunButton "Publish", "import cdrp_xl.addin; cdrp_xl.addin.publish_clicked()"
End Sub

Public Sub Comparison()
    RunButton "Comparison", "import cdrp_xl.addin; cdrp_xl.addin.comparison_clicked()"
End Sub

Public Sub Check()
    RunButton "Check", "import cdrp_xl.addin; cdrp_xl.addin.check_clicked()"
End Sub
